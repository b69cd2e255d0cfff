package spectral

import (
	"slices"
	"time"

	"github.com/lanes-go/lanes/mat"
)

// VectorsByQL is the largest order at which SymDC finds vectors by QL alone.
const VectorsByQL = 48

// qlValues finds the values alone.
func (s *SymDC[T]) qlValues() error {
	if !s.Watch.Step(stageQL, 0, 1) {
		return s.Watch.Err()
	}
	copy(s.values, s.tri.d)
	err := s.runQL(s.values, nil)
	slices.Sort(s.values)
	return err
}

// qlVectors applies the rotations of QL to the rows of Qᵀ.
func (s *SymDC[T]) qlVectors(start time.Time) error {
	if !s.Watch.Step(stageQL, 0, 1) {
		return s.Watch.Err()
	}
	v, n := &s.divide, s.n
	growDense(&v.z, n, n)
	v.perm = grow(v.perm, n)
	s.tri.transposed(&v.z)
	s.stats.Back = time.Since(start)
	if err := s.runQL(s.tri.d, &v.z); err != nil {
		s.vectors = false
		return err
	}
	s.orthogonalize()
	sortPerm(s.tri.d, v.perm)
	for i, row := range v.perm {
		s.values[i] = s.tri.d[row]
	}
	return nil
}

func (s *SymDC[T]) runQL(d []T, z *mat.Dense[T]) error {
	q := &s.divide.ql
	err := q.run(d, s.tri.e, z, roundUp(s.n, symvBlock[T]()))
	s.stats.Sweeps, s.stats.Rotations = q.sweeps, q.rotations
	return err
}

// orthogonalize adds ½(I - Z·Zᵀ)·Z to Z, a step of Newton's iteration for the
// nearest orthogonal matrix: the rounding of some 2.5n rotations of every row has
// left Z·Zᵀ a few ulps off. Cost: 4n³ flops.
func (s *SymDC[T]) orthogonalize() {
	v, n := &s.divide, s.n
	growDense(&v.s, n, n)
	growDense(&v.upper, n, n)
	clear(v.s.Data)
	for i := range n {
		v.s.Data[i*v.s.Stride+i] = 0.5
	}
	copy(v.upper.Data, v.z.Data)
	s.ws.Gemm(mat.NoTrans, mat.Trans, -0.5, &v.z, &v.z, 1, &v.s)
	s.ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &v.s, &v.upper, 1, &v.z)
}
