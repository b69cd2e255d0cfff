package kernels

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
)

func TestLacpy(t *testing.T) {
	t.Run("float32", testLacpy[float32])
	t.Run("float64", testLacpy[float64])
}

// Every entry must arrive, nothing beside the result be written, and nothing
// beyond the operand be read.
func testLacpy[T Float](t *testing.T) {
	from, to := guard.New[T](t, 9*160), guard.New[T](t, 9*160)
	for _, m := range []int{1, 2, 9} {
		for n := 1; n <= 150; n++ {
			ss, ds := n+n%3, n+n%5
			src := from.Tail((m-1)*ss + n)
			for i := range src {
				src[i] = T(i + 1)
			}
			dst := to.Tail((m-1)*ds + n)
			clear(dst)
			lacpy(m, n, src, ss, dst, ds)
			for i := range dst {
				want := T(0)
				if r, j := i/ds, i%ds; j < n {
					want = src[r*ss+j]
				}
				if want != dst[i] {
					require.Equal(t, want, dst[i], "%d×%d: %d", m, n, i)
				}
			}
			to.Check(t)
		}
	}
}
