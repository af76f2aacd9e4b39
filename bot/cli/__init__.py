"""The `wiredesk` command, one file a noun."""
