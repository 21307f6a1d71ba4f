"""The forge's human pages: small, read-only, and safe to show whatever an issue says."""
