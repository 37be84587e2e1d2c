"""The command line `kaibiao`: words in, words out; whatever it does, the client's modules do."""
