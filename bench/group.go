package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// group is a family of measurements that the command line can name.
type group struct {
	name, about string
	unit        unit
	measure     func(*session) ([]cell, error) // nil: nothing beyond the report's heading
	onlyNamed   bool                           // no part of the main job
	sizes       []string                       // forms of -sizes that it takes; nil: none
}

func allGroups() []group {
	return []group{
		{"info", "the machine, the kernels chosen, the peers found", gflops, nil, false, nil},
		{"gemm", "matrix products over a ladder of sizes", gflops, measureGemm, false, []string{"n", "mxnxk"}},
		{"level1", "axpy and dot from L1 cache to memory", gbytes, measureLevel1, false, nil},
		{"crowd", "products by 16 goroutines at once, on more processors of Go than cores", gflops, measureCrowd, true, nil},
		{"eig", "symmetric eigenvalues and vectors", millis, measureEigen, false, []string{"n"}},
		{"svd", "thin singular value decomposition, and the values alone", millis, measureSVD, false, []string{"n", "mxn"}},
		{"batch", "small eigenproblems and SVDs, one and a thousand", millis, measureBatch, true, nil},
		{"graded", "accuracy and time of singular values over 16 decades, by every method", millis, measureGraded, true, nil},
		{"ml", "PCA, truncated SVD and a trained network, on irises and digits", millis, measureML, false, nil},
	}
}

func describeGroups() string {
	var b strings.Builder
	for _, g := range allGroups() {
		about := g.about
		if g.onlyNamed {
			about += " (when named)"
		}
		fmt.Fprintf(&b, "  %-8s %s\n", g.name, about)
	}
	return b.String()
}

// chooseGroups returns the named groups in their usual order; none means those
// of the main job.
func chooseGroups(names []string) ([]group, error) {
	all := allGroups()
	if len(names) == 0 {
		return slices.DeleteFunc(all, func(g group) bool { return g.onlyNamed }), nil
	}
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	var chosen []group
	for _, g := range all {
		if wanted[g.name] {
			chosen = append(chosen, g)
			delete(wanted, g.name)
		}
	}
	for _, name := range names {
		if wanted[name] {
			return nil, fmt.Errorf("unknown group %q; the groups are:\n%s", name, strings.TrimRight(describeGroups(), "\n"))
		}
	}
	return chosen, nil
}

// session is what a run's measurements share.
type session struct {
	options
	peers    []peer // lanes first
	progress *progress
	wrong    int // results that failed their verification

	streamed []float64 // memory of the streams' own
}

func (s *session) callCost(impl string) time.Duration {
	for _, p := range s.peers {
		if p.Name == impl {
			return p.CallCost
		}
	}
	return 0
}

// both runs a generic measurement for the element types of the session.
func both(s *session, f32, f64 func(*session) ([]cell, error)) ([]cell, error) {
	var all []cell
	for _, elem := range s.elems {
		measure := f32
		if elem == "f64" {
			measure = f64
		}
		cells, err := measure(s)
		if err != nil {
			return nil, err
		}
		all = append(all, cells...)
	}
	return all, nil
}
