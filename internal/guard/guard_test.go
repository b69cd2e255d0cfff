package guard

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// spy counts the errors that Check reports.
type spy struct {
	testing.TB
	errors int
}

func (s *spy) Helper()               {}
func (s *spy) Errorf(string, ...any) { s.errors++ }

func TestRegion(t *testing.T) {
	t.Run("float32", testRegion[float32])
	t.Run("float64", testRegion[float64])
}

func testRegion[T float32 | float64](t *testing.T) {
	r := New[T](t, 100)
	for n := range 101 {
		unaligned := func(n int) []T { return r.Unaligned(n, n%9) }
		for _, place := range []func(int) []T{r.Tail, r.Head, unaligned} {
			x := place(n)
			require.Len(t, x, n)
			require.Equal(t, -1, Touched(x))
			r.Check(t)
			for i := range x {
				x[i] = 1
			}
			r.Check(t)
		}
	}
}

func TestCheckSeesWrites(t *testing.T) {
	r := New[float64](t, 10)
	for _, off := range []int{-1, 10} {
		s := &spy{TB: t}
		x := r.Unaligned(10, 3)
		p := (*float64)(unsafe.Add(unsafe.Pointer(&x[0]), 8*off))
		*p = 0
		r.Check(s)
		require.Equal(t, 1, s.errors, "offset %d", off)
		*p = Canary[float64]()
	}
	require.True(t, math.IsNaN(Canary[float64]()))
}

func TestPagesAreUnreadable(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("no unreadable pages here")
	}
	touch := func(x []float32, i int) { read(x, i) }
	if os.Getenv("LANES_TEST_PAGES") == "readable" {
		t.Log("readable by request: only writes must fail")
		touch = write
	}
	r := New[float32](t, 10)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	require.Panics(t, func() { touch(r.Tail(10), 10) })
	require.Panics(t, func() { touch(r.Head(10), -1) })
	require.NotPanics(t, func() { touch(r.Tail(10), 9) })
}

//go:noinline
func write(x []float32, i int) {
	*(*float32)(unsafe.Add(unsafe.Pointer(&x[0]), 4*i)) = 0
}

//go:noinline
func read(x []float32, i int) float32 {
	return *(*float32)(unsafe.Add(unsafe.Pointer(&x[0]), 4*i))
}
