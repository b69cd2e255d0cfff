package mat_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

var tallShapes = [][2]int{{0, 0}, {600, 0}, {0, 3}, {3, 7}, {511, 3}, {1023, 3}, {1024, 1}, {2000, 17}, {17000, 32}}

// The last of tallShapes is a tree of three levels.
func testTSQR[T mat.Float](t *testing.T) {
	rng := newRand()
	var f mat.TSQR[T] // one for all: larger and smaller shapes in turn
	for _, s := range tallShapes {
		t.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(t *testing.T) {
			a := randomView[T](rng, s[0], s[1])
			f.Factorize(a)
			var q, r mat.Dense[T]
			f.QTo(&q)
			f.RTo(&r)
			k := min(s[0], s[1])
			require.Equal(t, [4]int{s[0], k, k, s[1]}, [4]int{q.Rows, q.Cols, r.Rows, r.Cols})
			for i := range k {
				for j := range i {
					require.Zero(t, r.At(i, j))
				}
			}
			bound := qrBound[T](s[0], s[1])
			require.LessOrEqual(t, orthogonality(&q), bound*math.Sqrt(float64(k)))
			requireColumns(t, a, matProduct(mat.NoTrans, mat.NoTrans, &q, &r), bound, 0)
		})
	}
}

func TestTSQR(t *testing.T) { both(t, testTSQR[float32], testTSQR[float64]) }

func TestTSQRThreads(t *testing.T) {
	a := randomView[float32](newRand(), 3000, 30)
	var wantQ, wantR mat.Dense[float32]
	for threads := 1; threads <= 5; threads++ {
		f := mat.TSQR[float32]{Threads: threads}
		f.Factorize(a)
		var q, r mat.Dense[float32]
		f.QTo(&q)
		f.RTo(&r)
		if threads == 1 {
			wantQ, wantR = q, r
		}
		requireSameBits(t, &wantQ, &q, "Q, %d threads", threads)
		requireSameBits(t, &wantR, &r, "R, %d threads", threads)
	}
}

func TestTSQRSteadyState(t *testing.T) {
	a := randomView[float64](newRand(), 3000, 20)
	f := mat.TSQR[float64]{Threads: 1}
	var q, r mat.Dense[float64]
	once := func() {
		f.Factorize(a)
		f.QTo(&q)
		f.RTo(&r)
	}
	once()
	require.Zero(t, testing.AllocsPerRun(5, once))
}

func TestTSQRPanics(t *testing.T) {
	var f mat.TSQR[float64]
	f.Factorize(mat.NewDense[float64](600, 3, nil))
	other := mat.NewDense[float64](5, 2, nil)
	panicsWith(t, "RTo", func() { f.RTo(other) }, "5×2", "3×3")
	panicsWith(t, "QTo", func() { f.QTo(other) }, "5×2", "600×3")
}
