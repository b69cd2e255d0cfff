package mat

import "github.com/lanes-go/lanes/kernels"

// shortest bounds the dimensions that mulSmall takes, so that nothing in it can
// overflow.
const shortest = 1 << 10

// mulSmall computes C = alpha·A·B + beta·C where that is so little work that
// the checks weigh as much: it asks no more than what makes the call safe. For
// every other product, and for one that is wrong, it returns false and has done
// nothing.
func mulSmall[T Float](alpha T, a, b *Dense[T], beta T, c *Dense[T]) bool {
	m, n, k := c.Rows, c.Cols, a.Cols
	return uint(m-1) < shortest && uint(n-1) < shortest && uint(k-1) < shortest &&
		a.Rows == m && b.Rows == k && b.Cols == n &&
		a.holds(m, k) && b.holds(k, n) && c.holds(m, n) &&
		!addressesMeet(c.Data, a.Data) && !addressesMeet(c.Data, b.Data) &&
		kernels.GemmSmall(m, n, k, alpha, a.Data, a.Stride, b.Data, b.Stride, beta, c.Data, c.Stride)
}

// holds reports whether m has the memory for its rows and columns, neither of
// which is 0 or large.
func (m *Dense[T]) holds(rows, cols int) bool {
	return uint(m.Stride-cols) < 1<<20 && len(m.Data) >= (rows-1)*m.Stride+cols
}
