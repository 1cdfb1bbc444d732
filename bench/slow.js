// Notes in window.readable when the paragraph that begins with OPENING is
// painted, in milliseconds from the start of the navigation. It is scrolled to,
// as a reader does. A paragraph whose style sheet or font is still awaited is
// not painted, so this notices what a reader would.
(() => {
	let paragraph
	new PerformanceObserver(list => {
		for (const e of list.getEntries()) window.readable ??= e.renderTime
	}).observe({ type: 'element', buffered: true })

	new MutationObserver((_, observer) => {
		paragraph = [...document.querySelectorAll('p')].find(p => p.textContent.trim().startsWith(OPENING))
		if (paragraph) {
			paragraph.setAttribute('elementtiming', 'opening')
			observer.disconnect()
		}
	}).observe(document, { childList: true, subtree: true, characterData: true })

	const frame = () => {
		paragraph?.scrollIntoView({ block: 'center' })
		if (window.readable === undefined) requestAnimationFrame(frame)
	}
	requestAnimationFrame(frame)
})()
