package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// workshop builds candidates in folders of their own, below one that is
// removed in the end.
type workshop struct {
	ctx       context.Context // ends the commands that run
	root, dir string          // of the repository; of the workshop
	generator string
}

// openWorkshop makes the folder and builds the generator.
func openWorkshop(ctx context.Context, root string) (*workshop, error) {
	dir, err := os.MkdirTemp("", "lanes-tune-")
	if err != nil {
		return nil, err
	}
	w := &workshop{ctx: ctx, root: root, dir: dir, generator: filepath.Join(dir, "gen.exe")}
	if err := w.command(filepath.Join(root, "gen"), "go", "build", "-o", w.generator, "."); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *workshop) close() { os.RemoveAll(w.dir) }

// build makes the worker of a candidate and returns its file: the repository's
// own packages, over which the compiler lays the candidate's files of asm.
func (w *workshop) build(c candidate) (string, error) {
	dir, err := os.MkdirTemp(w.dir, "candidate-")
	if err != nil {
		return "", err
	}
	overrides, err := c.overrides()
	if err != nil {
		return "", err
	}
	var (
		override = filepath.Join(dir, "override.json")
		files    = filepath.Join(dir, "asm")
		overlay  = filepath.Join(dir, "overlay.json")
		program  = filepath.Join(dir, "worker.exe")
	)
	if err := errors.Join(os.WriteFile(override, overrides, 0o644), os.Mkdir(files, 0o755)); err != nil {
		return "", err
	}
	if err := w.command(dir, w.generator, "-override", override, "-out", files); err != nil {
		return "", err
	}
	if err := writeOverlay(overlay, files, filepath.Join(w.root, "asm")); err != nil {
		return "", err
	}
	bench := filepath.Join(w.root, "bench")
	return program, w.command(bench, "go", "build", "-overlay", overlay, "-ldflags=-s -w", "-o", program, "./tuneworker")
}

// writeOverlay writes what go build -overlay reads: each file of one folder in
// the place of its namesake in another.
func writeOverlay(file, by, replaced string) error {
	entries, err := os.ReadDir(by)
	if err != nil {
		return err
	}
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for _, e := range entries {
		overlay.Replace[filepath.Join(replaced, e.Name())] = filepath.Join(by, e.Name())
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

// command runs a program outside any workspace; what it prints is the error.
func (w *workshop) command(dir, name string, args ...string) error {
	cmd := exec.CommandContext(w.ctx, name, args...)
	cmd.Dir = dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // go then removes its own files
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(name), err, text)
	}
	return nil
}

// findRoot returns the folder of the repository that dir is in.
func findRoot(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module github.com/lanes-go/lanes\n") {
			return at, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is not in the repository, whose generator makes the candidates", dir)
		}
	}
}
