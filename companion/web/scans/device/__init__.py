"""See, without sending anything: the page on which the visitor's own browser reads."""
