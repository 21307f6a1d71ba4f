"""The control API, by which tests in other processes arrange, watch and disturb a forge."""
