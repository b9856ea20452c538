// Makes template vectors at random with real Go, in the format of README.md:
//
//	cd tests/template/testdata/generate
//	TZ=UTC go run . 14 > ../go-template-generated.json
//	TZ=UTC go run . listed > ../go-template-listed.json
//
// The number keeps every nth case.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"
)

type TimeFuncs struct{}

func (t *TimeFuncs) Now() time.Time { return time.Now() }
func (t *TimeFuncs) Parse(layout string, value string) (time.Time, error) {
	return time.Parse(layout, value)
}

func js(v any) string {
	buf := &bytes.Buffer{}
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	return buf.String()
}

func jsp(v any) string {
	buf := &bytes.Buffer{}
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	_ = enc.Encode(v)
	return buf.String()
}

var funcs = template.FuncMap{
	"time": func() *TimeFuncs { return &TimeFuncs{} }, "json": js, "jsonPretty": jsp,
	"lower": strings.ToLower, "upper": strings.ToUpper, "split": strings.Split, "join": strings.Join, "trimSpace": strings.TrimSpace,
}

type Case struct {
	Name           string   `json:"name"`
	Family         string   `json:"family"`
	Template       string   `json:"template,omitempty"`
	TemplateBase64 string   `json:"templateBase64,omitempty"`
	DataKind       string   `json:"dataKind"`
	Data           any      `json:"data"`
	DataText       string   `json:"dataText,omitempty"`
	Funcs          string   `json:"funcs,omitempty"`
	Output         *string  `json:"output,omitempty"`
	OutputBase64   string   `json:"outputBase64,omitempty"`
	Error          string   `json:"error,omitempty"`
	ErrorStage     string   `json:"errorStage,omitempty"`
	ErrorLine      int      `json:"errorLine,omitempty"`
	ErrorAt        string   `json:"errorAt,omitempty"`
	ErrorAction    string   `json:"errorAction,omitempty"`
	Partial        string   `json:"partialOutput,omitempty"`
	Tags           []string `json:"tags,omitempty"`
}

var cases []Case
var counts = map[string]int{}
var seen = map[string]bool{}
var lineRE = regexp.MustCompile(`^template: out:(\d+):`)
var atRE = regexp.MustCompile(`(?s)executing "[^"]*" at <(.*?)>: `)

func decode(text string) any {
	if text == "" {
		return nil
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		panic(err)
	}
	return conv(v)
}
func conv(v any) any {
	switch x := v.(type) {
	case json.Number:
		s := string(x)
		if !strings.ContainsAny(s, ".eE") {
			if i, err := strconv.ParseInt(s, 10, 64); err == nil {
				return i
			}
		}
		f, _ := x.Float64()
		return f
	case []any:
		for i := range x {
			x[i] = conv(x[i])
		}
		return x
	case map[string]any:
		for k := range x {
			x[k] = conv(x[k])
		}
		return x
	}
	return v
}

var ptrRE = regexp.MustCompile(`0xc[0-9a-f]{9}`)

func add(family, text, data, fn string) {
	key := family + "\x00" + text + "\x00" + data
	if seen[key] {
		return
	}
	seen[key] = true
	counts[family]++
	c := Case{Name: fmt.Sprintf("%s/%04d", family, counts[family]), Family: family, DataKind: "json", DataText: data, Funcs: fn}
	if utf8.ValidString(text) {
		c.Template = text
	} else {
		c.TemplateBase64 = base64.StdEncoding.EncodeToString([]byte(text))
	}
	t := template.New("out")
	if fn == "regclient" {
		t = t.Funcs(funcs)
	}
	t, err := t.Parse(text)
	buf := &bytes.Buffer{}
	stage := "parse"
	if err == nil {
		stage = "exec"
		var late bool
		if err, late = execute(t, buf, decode(data)); late {
			return
		}
	}
	if ptrRE.MatchString(buf.String()) {
		return
	}
	if err != nil {
		m := lineRE.FindStringSubmatch(err.Error())
		if m == nil {
			return
		}
		c.Error = err.Error()
		c.ErrorStage = stage
		c.ErrorLine, _ = strconv.Atoi(m[1])
		if a := atRE.FindStringSubmatch(err.Error()); a != nil {
			c.ErrorAt = a[1]
		}
		c.Partial = buf.String()
		if !utf8.ValidString(err.Error()) || !utf8.ValidString(c.Partial) {
			return
		}
	} else {
		s := buf.String()
		c.Output = &s
		if !utf8.ValidString(s) {
			c.OutputBase64 = base64.StdEncoding.EncodeToString(buf.Bytes())
		}
	}
	cases = append(cases, c)
}

type limited struct{ buf *bytes.Buffer }

var errLong = errors.New("too long")

func (l limited) Write(p []byte) (int, error) {
	if l.buf.Len()+len(p) > 4096 {
		return 0, errLong
	}
	return l.buf.Write(p)
}

// execute runs a template; late tells that it takes too long or prints too much.
func execute(t *template.Template, buf *bytes.Buffer, data any) (error, bool) {
	type result struct {
		out bytes.Buffer
		err error
	}
	done := make(chan *result, 1)
	go func() {
		res := &result{}
		res.err = t.Execute(limited{&res.out}, data)
		done <- res
	}()
	select {
	case res := <-done:
		buf.Write(res.out.Bytes())
		return res.err, errors.Is(res.err, errLong)
	case <-time.After(2 * time.Second):
		return nil, true
	}
}

func pick(r *rand.Rand, l []string) string { return l[r.Intn(len(l))] }

func main() {
	time.Local = time.UTC
	r := rand.New(rand.NewSource(7))
	data := `{"i":42,"n":-7,"z":0,"f":3.25,"g":1e21,"h":-0.000001234,"s":"héllo\tworld","e":"","t":true,"nil":null,"l":[1,"a",null,2.5],"m":{"b":1,"a":[true]},"big":9223372036854775807,"min":-9223372036854775808}`
	if len(os.Args) > 1 && os.Args[1] == "listed" {
		listed(data)
		print()
		return
	}
	// printf matrix
	verbs := strings.Split("v d s q x X t T f F e E g G b o O c U % w z !", " ")
	flags := []string{"", "-", "+", "#", " ", "0", "+-", "#0", "+0", "-0", "# ", "+ ", "#+", "0-", " 0"}
	widths := []string{"", "1", "5", "12", "3", "20"}
	precs := []string{"", ".", ".0", ".1", ".3", ".10", ".25"}
	vals := []string{".i", ".n", ".z", ".f", ".g", ".h", ".s", ".e", ".t", ".nil", ".l", ".m", ".big", ".min", "1i", "-2.5e10", "'x'", "nil", "\"a`b\"", "\"é\\x00\\U0001F389\"", "0x1p-3", "1e100", "0.1", "100000.0", "1e6", "123456789.0", "(1 | printf \"%d\")"}
	for i := 0; i < 2600; i++ {
		f := "%" + pick(r, flags) + pick(r, widths) + pick(r, precs) + pick(r, verbs)
		add("printf2", fmt.Sprintf("{{printf %q %s}}|", f, pick(r, vals)), data, "")
	}
	// irregular formats
	pieces := []string{"%", "%", "%", "d", "v", "s", "q", "x", "[1]", "[2]", "[3]", "[9]", "[", "]", "*", ".", "5", "10", "0", "-", "+", "#", " ", "a", "é", "%%", "[0]", "[x]", "T"}
	for i := 0; i < 900; i++ {
		var sb strings.Builder
		for n := r.Intn(8) + 1; n > 0; n-- {
			sb.WriteString(pick(r, pieces))
		}
		args := ""
		for n := r.Intn(4); n > 0; n-- {
			args += " " + pick(r, []string{".i", ".s", ".f", ".t", ".nil", "3", "-4", ".l"})
		}
		add("format2", fmt.Sprintf("{{printf %q%s}}|", sb.String(), args), data, "")
	}
	// expressions, right and wrong
	terms := []string{".", ".i", ".l", ".m", ".m.a", ".nope", ".nope.x", "$", "$x", "nil", "true", "1", "1.5", "'a'", "\"s\"", "`r`", "print", "len", "index", "slice", "eq", "and", "or", "not", "printf", "(", ")", "|", ":=", "=", ",", "$x :=", "$y :=", "1i", "0x1F", "1_000", "-3", ".s", "(.m)", "(index .l 0)", "(len .l)", "html", "js", "urlquery", "call", "lt", "ge", "break", "continue", "else", "end", "if", "range", "with", "define", "block", "template", "\"a\"", ".5", "1e", "/*", "*/", "!", "é", "$é", ".é", "_a"}
	for i := 0; i < 5200; i++ {
		var sb strings.Builder
		sb.WriteString("{{")
		for n := r.Intn(5) + 1; n > 0; n-- {
			sb.WriteString(pick(r, terms))
			if r.Intn(6) > 0 {
				sb.WriteString(" ")
			}
		}
		sb.WriteString("}}")
		add("expression2", sb.String(), data, "")
	}
	// whole templates
	blocks := []string{"{{if .t}}", "{{if .e}}", "{{range .l}}", "{{range $i, $v := .m}}", "{{range 3}}", "{{with .s}}", "{{with $w := .nope}}", "{{else}}", "{{else if .i}}", "{{else with .l}}", "{{end}}", "{{end}}", "{{end}}", "text", " \n ", "{{- .i -}}", "{{.}}", "{{$x := 1}}", "{{$x = 2}}{{$x}}", "{{break}}", "{{continue}}", "{{define \"t\"}}", "{{template \"t\" .l}}", "{{block \"b\" .}}", "{{/* c */ -}}", "{{$}}", "{{$v}}", "{{$i}}", "{{len .}}", "{{- \"x\" }} ", "{{template \"none\"}}", "{{range $x = .l}}", "{{index .l 9}}", "\n"}
	for i := 0; i < 4200; i++ {
		var sb strings.Builder
		for n := r.Intn(9) + 1; n > 0; n-- {
			sb.WriteString(pick(r, blocks))
		}
		add("template2", sb.String(), data, "")
	}
	// balanced templates, which run
	for i := 0; i < 1600; i++ {
		var sb strings.Builder
		open := 0
		for n := r.Intn(10) + 2; n > 0; n-- {
			b := pick(r, blocks)
			if strings.HasPrefix(b, "{{if") || strings.HasPrefix(b, "{{range") || strings.HasPrefix(b, "{{with") || strings.HasPrefix(b, "{{block") {
				open++
			}
			if b == "{{end}}" {
				if open == 0 {
					continue
				}
				open--
			}
			if strings.HasPrefix(b, "{{define") || (strings.HasPrefix(b, "{{else") && open == 0) {
				continue
			}
			sb.WriteString(b)
		}
		sb.WriteString(strings.Repeat("{{end}}", open))
		add("balanced2", sb.String(), data, "")
	}
	// comparisons and functions on all pairs
	all := []string{".i", ".n", ".f", ".s", ".e", ".t", ".nil", ".l", ".m", ".nope", "1", "-1", "1.5", "\"a\"", "true", "nil", "1i", "'a'"}
	for _, f := range []string{"eq", "ne", "lt", "le", "gt", "ge", "index", "slice", "print", "println", "and", "or", "html", "js", "urlquery", "printf \"%v-%v\""} {
		for _, a := range all {
			for _, b := range all {
				add("pairs2", fmt.Sprintf("{{%s %s %s}}", f, a, b), data, "")
			}
		}
	}
	// floats
	for i := 0; i < 700; i++ {
		f := r.NormFloat64() * pow10(r.Intn(60)-30)
		if i%5 == 0 {
			f = float64(r.Intn(2000)-1000) / float64(int(1)<<uint(r.Intn(6)))
		}
		lit := strconv.FormatFloat(f, 'e', -1, 64)
		verb := pick(r, []string{"%v", "%f", "%.0f", "%.1f", "%.2f", "%.17g", "%e", "%.3e", "%g", "%G", "%x", "%.2x", "%b", "%8.3f", "%+.1e", "%.30f", "%#g", "%#.3g"})
		add("float2", fmt.Sprintf("{{printf %q %s}} {{json %s}}", verb, lit, lit), "", "regclient")
	}
	// times
	layoutBits := []string{"2006", "06", "01", "1", "Jan", "January", "02", "2", "_2", "002", "__2", "Mon", "Monday", "15", "03", "3", "04", "4", "05", "5", "PM", "pm", "MST", "Z07:00", "-0700", "-07:00", "-07", "Z0700", "Z070000", "-07:00:00", ".000", ".999", ",00", ".000000000", " ", "-", "/", "T", ":", "x", "Month", "_2006", "20", "0", "1st"}
	values := []string{"2024-02-29T08:05:09.012345678Z", "2023-07-04T23:59:01.5-07:00", "0001-01-01T00:00:00Z", "1999-12-31T12:00:00+05:30", "2020-06-07T00:00:00Z"}
	for i := 0; i < 900; i++ {
		var sb strings.Builder
		for n := r.Intn(6) + 1; n > 0; n-- {
			sb.WriteString(pick(r, layoutBits))
		}
		add("timeformat2", fmt.Sprintf("{{(time.Parse \"2006-01-02T15:04:05Z07:00\" %q).Format %q}}", pick(r, values), sb.String()), "", "regclient")
	}
	for i := 0; i < 1500; i++ {
		var lb, vb strings.Builder
		t, _ := time.Parse(time.RFC3339Nano, pick(r, values))
		for n := r.Intn(5) + 1; n > 0; n-- {
			lb.WriteString(pick(r, layoutBits))
			if r.Intn(2) == 0 {
				lb.WriteString(" ")
			}
		}
		vb.WriteString(t.Format(lb.String()))
		v := vb.String()
		if r.Intn(3) == 0 && len(v) > 1 {
			at := r.Intn(len(v))
			v = v[:at] + pick(r, []string{"x", "9", "", " ", "-", ":", "0"}) + v[at+1:]
		}
		add("timeparse2", fmt.Sprintf("{{time.Parse %q %q}}", lb.String(), v), "", "regclient")
	}
	for i := 0; i < 300; i++ {
		d := r.Int63n(int64(pow10(r.Intn(18) + 1)))
		add("timearith2", fmt.Sprintf("{{$t := time.Parse \"2006-01-02T15:04:05Z07:00\" %q}}{{$t.Add %d}} {{($t.Add %d).Sub $t}} {{$t.Truncate %d}} {{$t.Round %d}} {{($t.AddDate %d %d %d).Weekday}} {{(($t.Add %d).Sub $t).Hours}} {{$t.YearDay}} {{$t.Unix}}", pick(r, values), d, -d, d, d, r.Intn(9)-4, r.Intn(30)-15, r.Intn(400)-200, d), "", "regclient")
	}
	// strings
	runes := []string{"a", "é", "世", "🎉", "\x80", "\xff", "\n", "\t", "\"", "'", "<", "&", "\\", "\u2028", "\u200b", "ß", "ǆ", "İ", "\x00", "\x7f", " ", "%", "`"}
	for i := 0; i < 500; i++ {
		var sb strings.Builder
		for n := r.Intn(6); n > 0; n-- {
			sb.WriteString(pick(r, runes))
		}
		q := strconv.Quote(sb.String())
		add("string2", fmt.Sprintf("{{$s := %s}}{{len $s}} {{printf \"%%q %%+q %%x %%5.2s|%%#q\" $s $s $s $s $s}} {{js $s}} {{html $s}} {{urlquery $s}} {{lower $s}} {{upper $s}} {{trimSpace $s}} {{json $s}}", q), "", "regclient")
	}
	if len(os.Args) > 1 {
		// A sample: each family keeps every nth of its cases.
		n, _ := strconv.Atoi(os.Args[1])
		kept := []Case{}
		for i, c := range cases {
			if i%n == 0 {
				kept = append(kept, c)
			}
		}
		cases = kept
		for f := range counts {
			counts[f] = 0
		}
		for _, c := range cases {
			counts[c.Family]++
		}
	}
	print()
}

func print() {
	out := map[string]any{"goVersion": "go1.26.8", "fixtures": map[string]any{}, "types": map[string]any{}, "counts": counts}
	b, _ := json.Marshal(out)
	w := os.Stdout
	w.WriteString(string(b[:len(b)-1]) + ",\"cases\":[\n")
	for i, c := range cases {
		buf := &bytes.Buffer{}
		enc := json.NewEncoder(buf)
		enc.SetEscapeHTML(false)
		enc.Encode(c)
		w.WriteString(strings.TrimRight(buf.String(), "\n"))
		if i < len(cases)-1 {
			w.WriteString(",")
		}
		w.WriteString("\n")
	}
	w.WriteString("]}\n")
}

func pow10(n int) float64 {
	f := 1.0
	for ; n > 0; n-- {
		f *= 10
	}
	for ; n < 0; n++ {
		f /= 10
	}
	return f
}
