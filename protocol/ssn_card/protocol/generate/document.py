# SPDX-License-Identifier: Apache-2.0
PATH = "docs/protocol.md"
def render(): return ""
