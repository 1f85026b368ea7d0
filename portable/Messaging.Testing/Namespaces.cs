namespace Portable.Messaging.Testing { internal static class Marker { } }
