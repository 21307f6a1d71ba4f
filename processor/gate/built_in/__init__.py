"""The checks that come with the product: functions on the two sides of a change, without programs."""
