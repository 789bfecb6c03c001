"""makerlab: runs a maker lab that makes design objects in series and trains people while doing so."""
