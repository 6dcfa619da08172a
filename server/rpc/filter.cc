#include "server/rpc/filter.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/status_macros.h"
#include "server/rpc/filter_node.h"

namespace netstackd::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr int kDepthMax = 32;

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
         c == '/';
}

class Parser {
 public:
  Parser(const std::string& text, const Descriptor* type) : text_(text), type_(type) {}

  absl::StatusOr<FilterNodePtr> Parse() {
    NSD_ASSIGN_OR_RETURN(FilterNodePtr root, Expression(0));
    SkipSpace();
    if (at_ < text_.size()) return Wrong("AND, OR or the end is expected");
    return root;
  }

 private:
  absl::Status Wrong(const std::string& what) const {
    return MakeError(ErrorReason::kInvalidFilter,
                     "filter, byte " + std::to_string(at_) + ": " + what,
                     {{"position", std::to_string(at_)}});
  }

  void SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) {
      ++at_;
    }
  }

  bool TakeWord(const char* word) {
    SkipSpace();
    const std::string wanted = word;
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    const std::size_t end = at_ + wanted.size();
    if (end < text_.size() && IsWordCharacter(text_[end])) return false;
    at_ = end;
    return true;
  }

  bool Take(char c) {
    SkipSpace();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  absl::StatusOr<FilterNodePtr> Expression(int depth) {
    if (depth > kDepthMax) return Wrong("too many levels of parentheses and NOT");
    std::vector<FilterNodePtr> terms;
    NSD_ASSIGN_OR_RETURN(FilterNodePtr first, Term(depth));
    terms.push_back(std::move(first));
    bool all = false;
    bool any = false;
    while (true) {
      const bool is_and = TakeWord("AND");
      const bool is_or = !is_and && TakeWord("OR");
      if (!is_and && !is_or) break;
      all |= is_and;
      any |= is_or;
      if (all && any) return Wrong("AND and OR side by side need parentheses");
      NSD_ASSIGN_OR_RETURN(FilterNodePtr next, Term(depth));
      terms.push_back(std::move(next));
    }
    if (terms.size() == 1) return terms.front();
    return any ? MakeAny(std::move(terms)) : MakeAll(std::move(terms));
  }

  absl::StatusOr<FilterNodePtr> Term(int depth) {
    if (depth > kDepthMax) return Wrong("too many levels of parentheses and NOT");
    if (TakeWord("NOT")) {
      NSD_ASSIGN_OR_RETURN(FilterNodePtr term, Term(depth + 1));
      return MakeNot(std::move(term));
    }
    if (!Take('(')) return Comparison();
    NSD_ASSIGN_OR_RETURN(FilterNodePtr inside, Expression(depth + 1));
    if (!Take(')')) return Wrong("')' is expected");
    return inside;
  }

  absl::StatusOr<FilterNodePtr> Comparison() {
    NSD_ASSIGN_OR_RETURN(FilterPath path, Path());
    NSD_ASSIGN_OR_RETURN(const FilterOperator op, Operator());
    SkipSpace();
    const std::size_t begin = at_;
    const bool quoted = at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'');
    NSD_ASSIGN_OR_RETURN(const std::string value, quoted ? Quoted() : Word());
    std::string problem;
    FilterNodePtr node = MakeComparison(std::move(path), op, value, quoted, &problem);
    if (node == nullptr) {
      at_ = begin;
      return Wrong(problem);
    }
    return node;
  }

  absl::StatusOr<FilterOperator> Operator() {
    if (Take('=')) return FilterOperator::kEqual;
    if (Take(':')) return FilterOperator::kHas;
    if (Take('!')) {
      if (at_ < text_.size() && text_[at_] == '=') {
        ++at_;
        return FilterOperator::kNotEqual;
      }
    }
    return Wrong("one of = != : is expected");
  }

  absl::StatusOr<std::string> Quoted() {
    const char quote = text_[at_++];
    std::string value;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        return value;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value.push_back(text_[at_]);
    }
    return Wrong("the text in quotes does not end");
  }

  absl::StatusOr<std::string> Word() {
    std::string value;
    while (at_ < text_.size() && (IsWordCharacter(text_[at_]) || text_[at_] == ':' ||
                                  text_[at_] == '*' || text_[at_] == '+')) {
      value.push_back(text_[at_++]);
    }
    if (value.empty()) return Wrong("a value is expected");
    return value;
  }

  absl::StatusOr<FilterPath> Path() {
    SkipSpace();
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsWordCharacter(text_[at_])) ++at_;
    const std::string words = text_.substr(begin, at_ - begin);
    if (words.empty()) return Wrong("the name of a field is expected");
    auto path = Resolve(words);
    if (path) return std::move(*path);
    at_ = begin;
    return Wrong("there is no field " + words);
  }

  std::optional<FilterPath> Resolve(const std::string& words) const {
    FilterPath path;
    const Descriptor* type = type_;
    std::size_t begin = 0;
    if (words.compare(0, 6, "labels") == 0 && type->FindFieldByName("labels") == nullptr) {
      const FieldDescriptor* meta = type->FindFieldByName("meta");
      if (meta == nullptr) return std::nullopt;
      path.steps.push_back(meta);
      type = meta->message_type();
    }
    while (true) {
      const std::size_t dot = std::min(words.find('.', begin), words.size());
      const FieldDescriptor* field =
          type == nullptr ? nullptr : type->FindFieldByName(words.substr(begin, dot - begin));
      if (field == nullptr) return std::nullopt;
      path.steps.push_back(field);
      if (dot == words.size()) return path;
      begin = dot + 1;
      if (field->is_map()) {
        path.key = words.substr(begin);
        return path;
      }
      type = field->message_type();
    }
  }

  const std::string& text_;
  const Descriptor* const type_;
  std::size_t at_ = 0;
};

}  // namespace

absl::StatusOr<Filter> Filter::Parse(const std::string& text, const Descriptor* type) {
  Filter filter;
  if (text.find_first_not_of(" \t\n") == std::string::npos) return filter;
  NSD_ASSIGN_OR_RETURN(filter.root_, Parser(text, type).Parse());
  return filter;
}

bool Filter::Matches(const google::protobuf::Message& message) const {
  return root_ == nullptr || root_->Matches(message);
}

}  // namespace netstackd::rpc
