# Yinshu: everything a developer or an evaluator does, by name. Needs only python >= 3.11 and make.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
export YINSHU_HOME ?= $(CURDIR)/var

.PHONY: help setup run test test-long check format bench clean
.DEFAULT_GOAL := help

help: ## 列出所有命令
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.ready ## 安装到 .venv（不启动任何服务）

.venv/.ready: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更高版本，当前是 " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --frozen --all-groups --quiet --compile-bytecode --python $(BIN)/python
	@touch $@

run: setup ## 启动服务（首次自动建立示范银行资料库），并打印提问方法
	@test -f "$(YINSHU_HOME)/token" || $(BIN)/yinshu init --sample
	@exec $(BIN)/yinshu serve

check: setup ## 静态检查：风格、类型、导入契约、文档
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/house

test: check ## 全部快速测试（15 分钟以内）
	$(BIN)/pytest -q -m "not long" --ignore=tests/house

test-long: setup ## 耐久、断电和变异测试
	$(BIN)/pytest -q -m long --timeout=3600

format: setup ## 自动整理格式
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## 测量延迟、并发、内存与检索效果，结果写入 build/bench
	$(BIN)/python -m bench.run_all --out build/bench

clean: ## 删除构建产物（不动资料库 var/）
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
