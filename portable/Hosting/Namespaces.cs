namespace Portable.Hosting { internal static class Marker { } }
namespace Portable.Hosting.ApplicationModel { internal static class Marker { } }
namespace Portable.Hosting.Testing { internal static class Marker { } }
