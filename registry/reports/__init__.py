"""Which figures do we send, and in which document? One module per report; one Table feeds every writer."""
