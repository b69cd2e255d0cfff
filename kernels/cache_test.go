package kernels

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/asm"
)

func TestRowsFor(t *testing.T) {
	k := asm.Kernel{MR: 8, KC: 384, MC: 128}
	require.Equal(t, 128, rowsFor(k, 8, 1<<20))
	require.Equal(t, 256, rowsFor(k, 8, 2<<20))
	require.Equal(t, 64, rowsFor(k, 8, 1<<10), "a size that cannot be right")
	require.Equal(t, 256, rowsFor(k, 8, 1<<30))
}
