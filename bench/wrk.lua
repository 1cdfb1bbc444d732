-- Prints what wrk has measured as JSON, in the last line.
function done(summary, latency, requests)
	local e = summary.errors
	io.write(string.format('{"requests":%d,"seconds":%f,"p99":%f,"errors":%d}\n',
		summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3,
		e.connect + e.read + e.write + e.status + e.timeout))
end
