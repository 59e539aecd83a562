"""Words: evened out, stemmed, put right, recognised by language, shown and judged for plainness."""
