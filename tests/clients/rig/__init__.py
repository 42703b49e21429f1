"""What every rig needs: where the server is, how a check is reported, what the wire looks like. It checks nothing."""
