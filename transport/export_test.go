package transport

// WriteRaw puts bytes on the channel as they are, as a hostile or broken end would.
func (c *Conn) WriteRaw(b []byte) error {
	_, err := c.peer.channel.Write(b)
	return err
}
