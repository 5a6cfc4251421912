# SPDX-License-Identifier: Apache-2.0
"""A believable year of the programme: families, shops, faults, look-alikes and fraud, every event labelled.

:mod:`.plan` decides who does what, when and why; :mod:`.play` lets cards do it, the applet or the rules in numpy.
:mod:`.met`, :mod:`.met_too` and :mod:`.heldout` have other people's fraud, for measuring rules; :mod:`.sets` names
them all.
"""
