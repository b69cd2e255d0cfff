package kernels

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTranspose(t *testing.T) {
	t.Run("float32", testTranspose[float32])
	t.Run("float64", testTranspose[float64])
}

// Every entry must arrive, and nothing beside the result be written.
func testTranspose[T Float](t *testing.T) {
	sizes := []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 127, 130, 254} // 254: rows a multiple of a KiB apart
	for _, m := range sizes {
		for _, n := range sizes {
			ss, ds := n+3, m+2
			src := make([]T, (m-1)*ss+n)
			for i := range src {
				src[i] = T(i + 1)
			}
			dst := make([]T, (n-1)*ds+m)
			Transpose(m, n, src, ss, dst, ds)
			for j := range n {
				for i := range ds {
					if j*ds+i >= len(dst) {
						break
					}
					want := T(0)
					if i < m {
						want = src[i*ss+j]
					}
					require.Equal(t, want, dst[j*ds+i], "%d×%d: (%d, %d)", m, n, j, i)
				}
			}
		}
	}
}
