"""`aip capacity`: how much is started under which load."""
