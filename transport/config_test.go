package transport

import (
	"net"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A field that is added must be named here: by what validate says of a bad value, or as one of which every value is good.
func TestEveryFieldOfTheConfigsIsChecked(t *testing.T) {
	bad := map[string]Config{
		"ICEServers": {ICEServers: []ICEServer{{URLs: []string{"http://stun.example.org"}}}},
		"PublicIPs":  {PublicIPs: []string{"host.example.org"}},
		"UDPPort":    {UDPPort: 70000},
	}
	anyIsGood := []string{"ListenPacket", "Certificate", "SettingEngine", "Logger"}
	badHost := map[string]HostConfig{"MaxPeers": {MaxPeers: -1}, "SetupTimeout": {SetupTimeout: -time.Second}}
	badDial := map[string]DialConfig{"SetupTimeout": {SetupTimeout: -time.Second}, "MaxUplink": {MaxUplink: -1}}

	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		c, ok := bad[f.Name]
		require.True(t, ok || contains(anyIsGood, f.Name), "%s is not tested", f.Name)
		if ok {
			require.ErrorContains(t, c.validate(), f.Name)
			require.ErrorContains(t, HostConfig{Config: c}.validate(), f.Name)
			require.ErrorContains(t, DialConfig{Config: c}.validate(), f.Name)
		}
	}
	for name, c := range badHost {
		require.ErrorContains(t, c.validate(), name)
	}
	for name, c := range badDial {
		require.ErrorContains(t, c.validate(), name)
	}
	require.Equal(t, 1+len(badHost)+1, reflect.TypeFor[HostConfig]().NumField(), "Config, those above, Authorize")
	require.Equal(t, 1+len(badDial)+2, reflect.TypeFor[DialConfig]().NumField(), "Config, those above, Token and HTTPClient")
	require.NoError(t, Config{}.validate())
	require.NoError(t, Config{ICEServers: []ICEServer{{URLs: []string{"stun:stun.example.org:3478"}}}, PublicIPs: []string{"192.0.2.1", "2001:db8::1"}, UDPPort: 443}.validate())
}

func contains(all []string, s string) bool {
	for _, x := range all {
		if x == s {
			return true
		}
	}
	return false
}

func TestASocketThatIsNotUDPIsRefused(t *testing.T) {
	unix := func() (net.PacketConn, error) { return net.ListenPacket("unixgram", t.TempDir()+"/socket") }
	_, err := NewHost(HostConfig{Config: Config{ListenPacket: unix}})
	require.ErrorContains(t, err, "ListenPacket")
}

func TestAPortInUseIsAnError(t *testing.T) {
	h, err := NewHost(HostConfig{})
	require.NoError(t, err)
	defer h.Close()
	socket, err := net.ListenUDP("udp", nil)
	require.NoError(t, err)
	defer socket.Close()
	_, err = NewHost(HostConfig{Config: Config{UDPPort: socket.LocalAddr().(*net.UDPAddr).Port}})
	require.ErrorContains(t, err, "UDPPort")
}
