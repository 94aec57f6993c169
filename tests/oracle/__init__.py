"""An independent computation of the indicators: plain Python over the rows, written from the contract alone."""
