# Yinshu: everything a developer or an evaluator does, by name. Needs only python >= 3.11 and make.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
export YINSHU_HOME ?= $(CURDIR)/var

.PHONY: help setup portal wheel run test test-e2e test-long check format bench clean
.DEFAULT_GOAL := help

help: ## 列出所有命令
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.ready ## 安装到 .venv，有 Node 时构建网页门户（不启动任何服务）
	@$(MAKE) --no-print-directory portal || echo '网页门户没有构建成功，命令行和接口不受影响；排除上面的问题后运行 make portal。'

.venv/.ready: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更高版本，当前是 " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --frozen --all-groups --quiet --compile-bytecode --python $(BIN)/python
	@touch $@

SITE := src/yinshu/portal/site/index.html
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -type f -print 2>/dev/null)

NODE_IS_NEW := node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'

portal: ## 构建网页门户（需要 Node 20.19 以上；没有时跳过并说明）
	@if command -v npm >/dev/null && $(NODE_IS_NEW); then $(MAKE) --no-print-directory $(SITE); \
	else echo '没有找到 Node 20.19 以上，跳过网页门户的构建；命令行和接口不受影响。'; fi

web/node_modules/.ready: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(SITE): web/node_modules/.ready $(WEB_SOURCES)
	cd web && npm run --silent build

wheel: .venv/.ready $(SITE) ## 打包成带有门户的 wheel（安装后不需要 Node）
	$(BIN)/uv build --wheel --out-dir dist

run: setup ## 启动服务（首次自动建立示范银行资料库），并打印提问方法
	@test -f "$(YINSHU_HOME)/token" || $(BIN)/yinshu init --sample
	@exec $(BIN)/yinshu serve

check: setup ## 静态检查：风格、类型、导入契约、文档
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/house
	@if [ -d web/node_modules ]; then cd web && npm run --silent check; \
	else echo '没有 web/node_modules（make portal），跳过门户的静态检查和单元测试。'; fi

test: check ## 全部快速测试（15 分钟以内）
	$(BIN)/pytest -q -m "not long and not browser" --ignore=tests/house

test-e2e: setup ## 用 Chromium 走一遍门户（需要 apt-get install chromium fonts-noto-cjk）
	$(BIN)/pytest -q -m browser tests/e2e

test-long: setup ## 耐久、断电和变异测试
	$(BIN)/pytest -q -m long --timeout=3600

format: setup ## 自动整理格式
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## 测量延迟、并发、内存与检索效果，结果写入 build/bench
	$(BIN)/python -m bench.run_all --out build/bench

clean: ## 删除构建产物（不动资料库 var/）
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
