namespace Portable.Messaging { internal static class Marker { } }
namespace Portable.Messaging.Extensibility { internal static class Marker { } }
namespace Portable.Messaging.Persistence.Sql { internal static class Marker { } }
namespace Portable.Messaging.Pipeline { internal static class Marker { } }
namespace Portable.Messaging.Sagas { internal static class Marker { } }
namespace Portable.Messaging.Transport { internal static class Marker { } }
