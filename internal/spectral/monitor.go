package spectral

import (
	"context"
	"fmt"
)

// Monitor lets a caller follow a computation and stop it. A nil Monitor and the
// zero value do neither.
type Monitor struct {
	// Context, unless nil, stops the computation when it is done.
	Context context.Context
	// Progress, unless nil, is called before every unit of a stage with the
	// number done so far.
	Progress func(stage string, done, total int)

	err error
}

// Names of stages.
const (
	stageTridiagonal = "tridiagonal form"
	stageDivide      = "divide and conquer"
	stageBack        = "back-transformation"
	stageQL          = "QL"
	stageSweeps      = "Jacobi sweeps"
	stageWindows     = "windows of columns"
	stageCorrections = "corrections"
	stageBatch       = "batch"
	stageBidiagonal  = "bidiagonal form"

	// StagePivoted is that of a factorization by mat.QRP.
	StagePivoted = "QR with column pivoting"
)

// Step reports whether the computation may go on with the next unit.
func (m *Monitor) Step(stage string, done, total int) bool {
	if m == nil || m.err != nil {
		return m == nil
	}
	if m.Progress != nil {
		m.Progress(stage, done, total)
	}
	if m.Context != nil && m.Context.Err() != nil {
		m.err = fmt.Errorf("lanes: stopped in the %s, %d of %d done: %w", stage, done, total, m.Context.Err())
	}
	return m.err == nil
}

// Err returns the error that wraps Context.Err where Step reported false.
func (m *Monitor) Err() error {
	if m == nil {
		return nil
	}
	return m.err
}

// watched reports whether anybody follows.
func (m *Monitor) watched() bool { return m != nil && (m.Context != nil || m.Progress != nil) }
