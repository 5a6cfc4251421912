# SPDX-License-Identifier: Apache-2.0
"""A believable year of the programme: families, shops, faults, look-alikes and fraud, every event labelled.

:mod:`.plan` decides who does what, when and why; :mod:`.play` lets cards do it, the applet or the rules in numpy.
:mod:`.apart` has other people's fraud, for measuring rules; :mod:`.sets` names them all.
"""
