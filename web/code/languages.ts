/** What is known of a language by the name that stands behind its fence. */
export interface Language {
  /** As people call it. */
  readonly name: string
  /** What its files end in, or how one is called where the name says all. */
  readonly file: string
  /** By which rules it is highlighted; undefined where there are none. */
  readonly grammar: string | undefined
}

/** Grammar, name, file and what else it is called; a grammar that begins with `-` we do not have. */
const table = `
bash|Shell|.sh|sh zsh shell-script
c|C|.c|h
cpp|C++|.cpp|c++ cc cxx hpp
csharp|C#|.cs|cs c#
css|CSS|.css|
diff|Diff|.diff|patch
go|Go|.go|golang
graphql|GraphQL|.graphql|gql
ini|INI|.ini|toml conf
java|Java|.java|
javascript|JavaScript|.js|js jsx mjs cjs node
json|JSON|.json|jsonc json5 jsonl
kotlin|Kotlin|.kt|kt kts
less|Less|.less|
lua|Lua|.lua|
makefile|Makefile|Makefile|make mk
markdown|Markdown|.md|md mdx
objectivec|Objective-C|.m|objc objective-c
perl|Perl|.pl|pl
php|PHP|.php|
python|Python|.py|py python3 pyi
r|R|.r|
ruby|Ruby|.rb|rb
rust|Rust|.rs|rs
scss|SCSS|.scss|sass
shell|Console|.txt|console shellsession terminal
sql|SQL|.sql|mysql postgres postgresql sqlite plsql
swift|Swift|.swift|
typescript|TypeScript|.ts|ts tsx mts cts
xml|XML|.xml|xsl xsd svg plist
yaml|YAML|.yaml|yml
-csv|CSV|.csv|
-dart|Dart|.dart|
-dockerfile|Dockerfile|Dockerfile|docker
-elixir|Elixir|.ex|ex exs
-haskell|Haskell|.hs|hs
-latex|LaTeX|.tex|tex
-mermaid|Mermaid|.mmd|
-nginx|nginx|.conf|
-powershell|PowerShell|.ps1|ps1 ps pwsh
-scala|Scala|.scala|
-text|Text|.txt|plaintext txt plain none
`

const special: Readonly<Record<string, Language>> = {
  html: { name: 'HTML', file: '.html', grammar: 'xml' },
  toml: { name: 'TOML', file: '.toml', grammar: 'ini' },
  svg: { name: 'SVG', file: '.svg', grammar: 'xml' },
  tsx: { name: 'TSX', file: '.tsx', grammar: 'typescript' },
  jsx: { name: 'JSX', file: '.jsx', grammar: 'javascript' },
  vue: { name: 'Vue', file: '.vue', grammar: 'xml' },
}

const known = new Map<string, Language>([...rows(), ...Object.entries(special)])

function* rows(): Generator<[string, Language]> {
  for (const row of table.trim().split('\n')) {
    const [id = '', name = '', file = '', others = ''] = row.split('|')
    const grammar = id.startsWith('-') ? undefined : id
    const language = { name, file, grammar }
    const names = [id.replace('-', ''), ...others.split(' ').filter(Boolean)]
    for (const other of names) yield [other, language]
  }
}

/** The language that a fence names first; what is not known is called as it is there. */
export function languageOf(info: string): Language {
  const word = /^[\w+#.-]{1,20}/.exec(info)?.[0] ?? ''
  return known.get(word.toLowerCase()) ?? { name: word, file: '.txt', grammar: undefined }
}

/** A name for a file: one that stands behind the fence, too, else `code` with the ending. */
export function fileName(info: string): string {
  const named = /[\s:="'/]([\w-][\w.-]{0,80}\.\w{1,10})(?![\w/])/.exec(info)?.[1]
  const { file } = languageOf(info)
  return named ?? (file.startsWith('.') ? `code${file}` : file)
}
