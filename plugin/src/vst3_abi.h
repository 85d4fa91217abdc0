// SPDX-License-Identifier: MIT
// The part of the VST 3 binary interface that one audio effect needs, on Linux.
//
// Declared from the published facts: interface ids, the order of methods, the layout of structs. No
// foreign source is included. Every interface is a vtable that starts with the three methods of
// `Unknown`; names are ours, order and types are theirs.
//
// All interfaces are at namespace scope, also those that only hosts implement: GCC takes a type
// without linkage to have no other implementations, and calls a pure virtual function instead.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace vst3 {

using Bool = std::uint8_t;
using Char16 = char16_t;
using String128 = Char16[128];
using ParameterId = std::uint32_t;
using Speakers = std::uint64_t;  ///< one bit for each channel of a bus

enum Result : std::int32_t {
    no_interface = -1,
    ok = 0,
    no = 1,  ///< done nothing; also "false"
    invalid_argument = 2,
    not_implemented = 3,
    internal_error = 4,
    not_initialized = 5,
    out_of_memory = 6,
};

/// Id of an interface or a class. Travels as a pointer to 16 bytes.
using IdBytes = const char*;

struct Id {
    std::array<std::uint8_t, 16> bytes{};

    constexpr Id(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
        const std::uint32_t words[] = {a, b, c, d};
        for (int i = 0; i < 16; ++i) bytes[i] = std::uint8_t(words[i / 4] >> (24 - 8 * (i % 4)));
    }
    bool operator==(IdBytes other) const {
        return std::memcmp(bytes.data(), other, bytes.size()) == 0;
    }
    void copy_to(void* destination) const { std::memcpy(destination, bytes.data(), bytes.size()); }
};

struct Unknown {
    static constexpr Id id{0x00000000, 0x00000000, 0xC0000000, 0x00000046};
    virtual Result query_interface(IdBytes id, void** object) = 0;
    virtual std::uint32_t add_ref() = 0;
    virtual std::uint32_t release() = 0;
};

// --- The factory ---------------------------------------------------------------------------------

struct FactoryInfo {
    char vendor[64], url[256], email[128];
    std::int32_t flags;
};
constexpr std::int32_t factory_is_unicode = 1 << 4;

struct ClassInfo {
    std::uint8_t id[16];
    std::int32_t cardinality;
    char category[32], name[64];
};
constexpr std::int32_t many_instances = 0x7FFFFFFF;

struct ClassInfo2 : ClassInfo {
    std::uint32_t flags;
    char subcategories[128], vendor[64], version[64], sdk_version[64];
};

struct ClassInfoUnicode {
    std::uint8_t id[16];
    std::int32_t cardinality;
    char category[32];
    Char16 name[64];
    std::uint32_t flags;
    char subcategories[128];
    Char16 vendor[64], version[64], sdk_version[64];
};
static_assert(sizeof(FactoryInfo) == 452 && sizeof(ClassInfo) == 116 && sizeof(ClassInfo2) == 440 &&
              sizeof(ClassInfoUnicode) == 696);

struct Factory : Unknown {
    static constexpr Id id{0x7A4D811C, 0x52114A1F, 0xAED9D2EE, 0x0B43BF9F};
    virtual Result get_factory_info(FactoryInfo* info) = 0;
    virtual std::int32_t count_classes() = 0;
    virtual Result get_class_info(std::int32_t index, ClassInfo* info) = 0;
    virtual Result create_instance(IdBytes class_id, IdBytes interface_id, void** object) = 0;
};

struct Factory2 : Factory {
    static constexpr Id id{0x0007B650, 0xF24B4C0B, 0xA464EDB9, 0xF00B2ABB};
    virtual Result get_class_info_2(std::int32_t index, ClassInfo2* info) = 0;
};

struct Factory3 : Factory2 {
    static constexpr Id id{0x4555A2AB, 0xC1234E57, 0x9B122910, 0x36878931};
    virtual Result get_class_info_unicode(std::int32_t index, ClassInfoUnicode* info) = 0;
    virtual Result set_host_context(Unknown* context) = 0;
};

// --- The component -------------------------------------------------------------------------------

/// Implemented by the host.
struct ByteStream : Unknown {
    static constexpr Id id{0xC3BF6EA2, 0x30994752, 0x9B6BF990, 0x1EE33E9B};
    virtual Result read(void* buffer, std::int32_t bytes, std::int32_t* done) = 0;
    virtual Result write(void* buffer, std::int32_t bytes, std::int32_t* done) = 0;
    virtual Result seek(std::int64_t position, std::int32_t mode, std::int64_t* result) = 0;
    virtual Result tell(std::int64_t* position) = 0;
};

struct PluginBase : Unknown {
    static constexpr Id id{0x22888DDB, 0x156E45AE, 0x8358B348, 0x08190625};
    virtual Result initialize(Unknown* context) = 0;
    virtual Result terminate() = 0;
};

enum MediaType : std::int32_t { media_audio, media_event };
enum Direction : std::int32_t { direction_input, direction_output };

struct BusInfo {
    std::int32_t media_type, direction, channel_count;
    String128 name;
    std::int32_t bus_type;  ///< 0 is main
    std::uint32_t flags;
};
constexpr std::uint32_t bus_is_active_by_default = 1;
static_assert(sizeof(BusInfo) == 276);

struct RoutingInfo {
    std::int32_t media_type, bus_index, channel;
};

struct Component : PluginBase {
    static constexpr Id id{0xE831FF31, 0xF2D54301, 0x928EBBEE, 0x25697802};
    virtual Result get_controller_class_id(void* class_id) = 0;
    virtual Result set_io_mode(std::int32_t mode) = 0;
    virtual std::int32_t get_bus_count(std::int32_t media, std::int32_t direction) = 0;
    virtual Result get_bus_info(std::int32_t media, std::int32_t direction, std::int32_t index,
                                BusInfo& info) = 0;
    virtual Result get_routing_info(RoutingInfo& in, RoutingInfo& out) = 0;
    virtual Result activate_bus(std::int32_t media, std::int32_t direction, std::int32_t index,
                                Bool on) = 0;
    virtual Result set_active(Bool on) = 0;
    virtual Result set_state(ByteStream* stream) = 0;
    virtual Result get_state(ByteStream* stream) = 0;
};

// --- The audio processor -------------------------------------------------------------------------

/// Implemented by the host, as `ParameterChanges` is.
struct ParameterQueue : Unknown {
    virtual ParameterId get_parameter_id() = 0;
    virtual std::int32_t get_point_count() = 0;
    virtual Result get_point(std::int32_t index, std::int32_t& frame, double& value) = 0;
    virtual Result add_point(std::int32_t frame, double value, std::int32_t& index) = 0;
};

struct ParameterChanges : Unknown {
    virtual std::int32_t get_parameter_count() = 0;
    virtual ParameterQueue* get_parameter_data(std::int32_t index) = 0;
    virtual ParameterQueue* add_parameter_data(const ParameterId& id, std::int32_t& index) = 0;
};

enum SampleSize : std::int32_t { sample_float, sample_double };

struct ProcessSetup {
    std::int32_t process_mode, sample_size, max_block_frames;
    double sample_rate_hz;
};

struct AudioBus {
    std::int32_t num_channels;
    std::uint64_t silence_flags;
    union {
        float** channels;
        double** channels_double;
    };
};

struct ProcessData {
    std::int32_t process_mode, sample_size, frames, num_inputs, num_outputs;
    AudioBus *inputs, *outputs;
    ParameterChanges *input_parameters, *output_parameters;
    void *input_events, *output_events, *context;
};
static_assert(sizeof(ProcessSetup) == 24 && sizeof(AudioBus) == 24 && sizeof(ProcessData) == 80);

struct AudioProcessor : Unknown {
    static constexpr Id id{0x42043F99, 0xB7DA453C, 0xA569E79D, 0x9AAEC33D};
    virtual Result set_bus_arrangements(Speakers* in, std::int32_t num_in, Speakers* out,
                                        std::int32_t num_out) = 0;
    virtual Result get_bus_arrangement(std::int32_t direction, std::int32_t index,
                                       Speakers& speakers) = 0;
    virtual Result can_process_sample_size(std::int32_t size) = 0;
    virtual std::uint32_t get_latency_frames() = 0;
    virtual Result setup_processing(ProcessSetup& setup) = 0;
    virtual Result set_processing(Bool on) = 0;
    virtual Result process(ProcessData& data) = 0;
    virtual std::uint32_t get_tail_frames() = 0;
};

struct ProcessContextRequirements : Unknown {
    static constexpr Id id{0x2A654303, 0xEF764E3D, 0x95B5FE83, 0x730EF6D0};
    virtual std::uint32_t get_process_context_requirements() = 0;
};

// --- The edit controller -------------------------------------------------------------------------

struct ParameterInfo {
    ParameterId id;
    String128 title, short_title, units;
    std::int32_t step_count;
    double default_normalised;
    std::int32_t unit_id, flags;
};
constexpr std::int32_t parameter_can_automate = 1;
static_assert(sizeof(ParameterInfo) == 792 && offsetof(ParameterInfo, default_normalised) == 776);

enum Restart : std::int32_t { parameter_values_changed = 1 << 2, latency_changed = 1 << 3 };

/// Implemented by the host.
struct ComponentHandler : Unknown {
    static constexpr Id id{0x93A0BEA3, 0x0BD045DB, 0x8E890B0C, 0xC1E46AC6};
    virtual Result begin_edit(ParameterId id) = 0;
    virtual Result perform_edit(ParameterId id, double normalised) = 0;
    virtual Result end_edit(ParameterId id) = 0;
    virtual Result restart_component(std::int32_t flags) = 0;
};

struct EditController : PluginBase {
    static constexpr Id id{0xDCD7BBE3, 0x7742448D, 0xA874AACC, 0x979C759E};
    virtual Result set_component_state(ByteStream* stream) = 0;
    virtual Result set_controller_state(ByteStream* stream) = 0;
    virtual Result get_controller_state(ByteStream* stream) = 0;
    virtual std::int32_t get_parameter_count() = 0;
    virtual Result get_parameter_info(std::int32_t index, ParameterInfo& info) = 0;
    virtual Result get_text_of_value(ParameterId id, double normalised, Char16* text) = 0;
    virtual Result get_value_of_text(ParameterId id, Char16* text, double& normalised) = 0;
    virtual double plain_of_normalised(ParameterId id, double normalised) = 0;
    virtual double normalised_of_plain(ParameterId id, double plain) = 0;
    virtual double get_parameter(ParameterId id) = 0;
    virtual Result set_parameter(ParameterId id, double normalised) = 0;
    virtual Result set_component_handler(ComponentHandler* handler) = 0;
    virtual void* create_view(const char* name) = 0;
};

}  // namespace vst3
