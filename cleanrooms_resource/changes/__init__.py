"""What a change means: the table of properties, the diff, what AWS has, takeover and adoption."""
