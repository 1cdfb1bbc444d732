package page

import (
	"fmt"
	"slices"
	"sync/atomic"
	"text/template/parse"
	"time"
)

// A guard stops the templates of a theme that take too long while it is tried:
// what [Pages.bound] lets pass may still count for years, by way of a variable
// or of templates that call two others each.
type guard struct{ end atomic.Pointer[time.Time] }

// guardName is the function that templates call at each turn of a loop and when
// they are called. They do not do so of themselves: see [Pages.instrument].
const guardName = "guard"

// step returns an error if it is too late.
func (g *guard) step() (string, error) {
	if end := g.end.Load(); end != nil && time.Now().After(*end) {
		return "", fmt.Errorf("the theme needs longer than %v for its pages", tryTime)
	}
	return "", nil
}

// instrument puts the steps into all templates, before any is executed.
func (p *Pages) instrument() {
	for _, t := range p.templates.Templates() {
		if t.Tree != nil && t.Tree.Root != nil {
			instrument(t.Tree, t.Tree.Root)
			prepend(t.Tree, t.Tree.Root, t.Tree.Root.Pos)
		}
	}
}

func instrument(tree *parse.Tree, list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		var branch *parse.BranchNode
		switch n := n.(type) {
		case *parse.IfNode:
			branch = &n.BranchNode
		case *parse.WithNode:
			branch = &n.BranchNode
		case *parse.RangeNode:
			branch = &n.BranchNode
		default:
			continue
		}
		instrument(tree, branch.List)
		instrument(tree, branch.ElseList)
		if n.Type() == parse.NodeRange {
			prepend(tree, branch.List, n.Position())
		}
	}
}

// prepend puts {{$guard := guard}} at the head of a list: an assignment writes
// nothing, whatever it stands in.
func prepend(tree *parse.Tree, list *parse.ListNode, at parse.Pos) {
	call := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: at, Args: []parse.Node{parse.NewIdentifier(guardName).SetTree(tree).SetPos(at)}}
	variable := &parse.VariableNode{NodeType: parse.NodeVariable, Pos: at, Ident: []string{"$" + guardName}}
	pipe := &parse.PipeNode{NodeType: parse.NodePipe, Pos: at, Decl: []*parse.VariableNode{variable}, Cmds: []*parse.CommandNode{call}}
	list.Nodes = slices.Insert(list.Nodes, 0, parse.Node(&parse.ActionNode{NodeType: parse.NodeAction, Pos: at, Pipe: pipe}))
}
