# Every global symbol of a kernel object, <room>_<isa>, is in the namespace of room and ISA:
# neural_amp::<room>::<isa>.
#
# Of an inline function that several objects hold, the linker keeps any one copy. If that were one
# compiled for a newer ISA, the whole program would crash on CPUs that only have the baseline.
#
#   cmake -DNM=nm -DLIBRARY=libneural_amp.a -DROOMS=simd,a2 -DISAS=baseline,avx2 -P check_symbols.cmake
cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND ${NM} --extern-only --defined-only --print-file-name ${LIBRARY}
  OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "," ";" ISAS "${ISAS}")
string(REPLACE "," ";" ROOMS "${ROOMS}")
set(leaks "")
foreach(room IN LISTS ROOMS)
  foreach(isa IN LISTS ISAS)
    # A line is "library:object: address type name"; the mangled name spells its namespaces with their
    # lengths. Some compilers put an underscore in front, and Z, TV and the like stand for local
    # statics and tables.
    string(LENGTH ${room} room_length)
    string(LENGTH ${isa} isa_length)
    set(namespace "__?Z(Z|GV|GVZ|T[VISC])?NK?10neural_amp${room_length}${room}${isa_length}${isa}")
    string(REGEX MATCHALL "[^\n]*[:(]${room}_${isa}\\.cpp[^\n]*" lines "${symbols}")
    set(inside 0)
    foreach(line IN LISTS lines)
      string(REGEX MATCH "[^ ]+$" name "${line}")
      if(name MATCHES "^${namespace}")
        math(EXPR inside "${inside} + 1")
      else()
        string(APPEND leaks "\n  ${room}_${isa}: ${name}")
      endif()
    endforeach()
    if(inside EQUAL 0)
      message(FATAL_ERROR
        "${LIBRARY}: no symbol of neural_amp::${room}::${isa} found: is this test blind?")
    endif()
    message(STATUS "${room}, ${isa}: ${inside} global symbols")
  endforeach()
endforeach()
if(leaks)
  message(FATAL_ERROR "Global symbols outside the namespace of their ISA:${leaks}")
endif()
