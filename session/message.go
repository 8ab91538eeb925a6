package session

// message is the buffer that a message is put together in.
type message struct {
	bytes   []byte
	ends    []int
	objects [][]byte
}

func (m *message) reset() { m.bytes, m.ends = m.bytes[:0], m.ends[:0] }

// list cuts the bytes into objects; only now, since appending may have moved them.
func (m *message) list() [][]byte {
	m.objects = m.objects[:0]
	from := 0
	for _, end := range m.ends {
		m.objects = append(m.objects, m.bytes[from:end])
		from = end
	}
	return m.objects
}

// start is where the object after the last one begins.
func (m *message) start() int {
	if len(m.ends) == 0 {
		return 0
	}
	return m.ends[len(m.ends)-1]
}
