"""Execute runs durably: release them in order, drive each through its phases, resume after a crash, take over.

The ledger's queue says what is next; DBOS makes each released run survive a kill. Only this room imports dbos.
"""
