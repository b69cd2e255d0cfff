package kernels_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/asm"
	"github.com/lanes-go/lanes/kernels"
)

// TestMain lets the test binary stand in for a program: with this variable set
// it prints its ISA and ends.
func TestMain(m *testing.M) {
	if os.Getenv("LANES_TEST_PRINT_ISA") != "" {
		fmt.Println(kernels.ISA())
		return
	}
	os.Exit(m.Run())
}

// emulator is the command that must run programs of this GOARCH, where the
// system does not find one itself: what go test -exec was given.
var emulator = strings.Fields(os.Getenv("LANES_TEST_EXEC"))

// program runs the test binary as a program under LANES_ISA=isa.
func program(t *testing.T, isa string, more ...string) (stdout, stderr string, status int) {
	t.Helper()
	exe, err := os.Executable()
	if runtime.GOARCH == "wasm" {
		t.Skip("this system starts no programs")
	}
	if runtime.GOARCH == "386" && len(emulator) > 0 {
		t.Skip("under qemu-i386 the signal of a program's end breaks the Go runtime")
	}
	require.NoError(t, err)
	argv := append(emulator[:len(emulator):len(emulator)], exe)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "LANES_TEST_PRINT_ISA=1", "LANES_ISA="+isa)
	cmd.Env = append(cmd.Env, more...)
	var out, diag bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diag
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return out.String(), diag.String(), cmd.ProcessState.ExitCode()
}

var isas = []string{"go", "neon", "avx2", "avx512"}

// TestOverride: every name either takes effect or ends the program with one
// line on standard error and status 2.
func TestOverride(t *testing.T) {
	for _, isa := range isas {
		stdout, stderr, status := program(t, isa)
		if status == 0 {
			require.Equal(t, isa+"\n", stdout)
			require.Empty(t, stderr)
			continue
		}
		require.NotEqual(t, "go", isa, "the kernels in Go are always there")
		requireRefused(t, isa, stdout, stderr, status)
	}
}

func TestOverrideUnknown(t *testing.T) {
	for _, name := range []string{"sse2", "AVX2", "avx2 ", "Go", "avx", "none", "avx512,avx2"} {
		stdout, stderr, status := program(t, name)
		requireRefused(t, name, stdout, stderr, status)
	}
}

func requireRefused(t *testing.T, name, stdout, stderr string, status int) {
	t.Helper()
	require.Equal(t, 2, status, "LANES_ISA=%q", name)
	require.Empty(t, stdout)
	require.Equal(t, 1, strings.Count(stderr, "\n"), "one line on standard error, not %q", stderr)
	require.Contains(t, stderr, "LANES_ISA")
	require.Contains(t, stderr, name)
	require.Contains(t, stderr, "go", "what there is")
}

// TestDefaultISA: an empty variable is none, and the best set is taken.
func TestDefaultISA(t *testing.T) {
	stdout, _, status := program(t, "")
	require.Zero(t, status)
	best := ""
	for _, isa := range isas { // worst first
		if _, _, status := program(t, isa); status == 0 {
			best = isa
		}
	}
	require.Equal(t, best+"\n", stdout)
	if want := os.Getenv("LANES_TEST_BEST"); want != "" {
		require.Equal(t, want, best, "the machine that runs this should have it")
	}
}

// TestCascade: switching AVX2 off in the runtime leaves no AVX-512 either.
func TestCascade(t *testing.T) {
	if _, _, status := program(t, "avx2"); status != 0 {
		t.Skip("no AVX2 here")
	}
	stdout, _, status := program(t, "", "GODEBUG=cpu.avx2=off")
	require.Zero(t, status)
	require.Equal(t, "go\n", stdout)
	stdout, stderr, status := program(t, "avx512", "GODEBUG=cpu.avx2=off")
	requireRefused(t, "avx512", stdout, stderr, status)
}

// TestISA: what the environment of this run asks for is what runs.
func TestISA(t *testing.T) {
	require.Contains(t, isas, kernels.ISA())
	if asked := os.Getenv("LANES_ISA"); asked != "" {
		require.Equal(t, asked, kernels.ISA())
	}
	written := map[string]bool{} // operations that this instruction set has
	for _, k := range asm.Table {
		if k.ISA.String() == kernels.ISA() {
			written[k.Op] = true
		}
	}
	for _, k := range kernels.Table() {
		want := "go"
		if written[k.Op] {
			want = kernels.ISA()
		}
		require.Equal(t, want, k.ISA.String(), "%s %s", k.Op, k.Elem)
	}
}
