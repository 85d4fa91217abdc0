// SPDX-License-Identifier: MIT
// pedalboard_nam._core: the bindings, for the main interpreter only. nanobind keeps its types once
// for the process: in a second interpreter it would end the process, or spoil the first one's.
#include <Python.h>

#include <array>
#include <cstddef>

extern "C" PyObject* PyInit_bindings();

namespace {

int refuse_sub_interpreters(PyObject*) {
    if (PyInterpreterState_Get() == PyInterpreterState_Main()) return 0;
    PyErr_SetString(PyExc_ImportError, "pedalboard_nam cannot be imported in a sub-interpreter: "
                                       "it works in the main interpreter of a process only");
    return -1;
}

}  // namespace

PyMODINIT_FUNC PyInit__core() {
    // Python up to 3.12 calls this in the interpreter that imports, later ones in the main one.
    if (refuse_sub_interpreters(nullptr) != 0) return nullptr;
    PyObject* const bindings = PyInit_bindings();
    if (!bindings || !PyObject_TypeCheck(bindings, &PyModuleDef_Type)) return bindings;
    // What later ones call in the interpreter that imports is the slots, one after the other.
    static std::array<PyModuleDef_Slot, 8> slots{};
    auto& definition = *reinterpret_cast<PyModuleDef*>(bindings);
    if (definition.m_slots == slots.data()) return bindings;
    slots[0] = {Py_mod_exec, reinterpret_cast<void*>(&refuse_sub_interpreters)};
    std::size_t count = 1;
    for (const PyModuleDef_Slot* slot = definition.m_slots; slot->slot != 0; ++slot) {
        if (count == slots.size() - 1) {  // the last one stays empty
            PyErr_SetString(PyExc_ImportError, "pedalboard_nam._core has more slots than expected");
            return nullptr;
        }
        slots[count++] = *slot;
    }
    definition.m_slots = slots.data();
    return bindings;
}
