namespace Portable.Endpoints { internal static class Marker { } }
