"""
The processes of the product; each subpackage is one service, `runtime` is the machinery that they share.
"""
