"""The mappings that ship with the product: what an export of the SNE, of RPLS, of the infocentre is."""
