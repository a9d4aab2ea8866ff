; Made with the grammar; see tests/editors.rs.

(comment) @comment
(string) @string
(pattern) @string.regexp
(timestamp) @constant
(date) @constant
(percent) @number
(duration) @number
(number) @number
(parameter) @variable.parameter
(literal) @constant.builtin
(unit) @keyword
(logical) @keyword.operator
(keyword) @keyword
(free_keyword) @keyword
(kind) @type.builtin
(operator) @operator
(identifier) @variable
(quoted_identifier) @variable
(definition name: (_) @type)
(accessor key: (_) @property)
["(" ")" "[" "]"] @punctuation.bracket
";" @punctuation.delimiter
