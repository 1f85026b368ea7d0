using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting;

/// <summary>Describes servers. Signatures and meaning are those of Aspire.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Says how long the server lives; see <see cref="ContainerLifetime"/>.</summary>
    public static IResourceBuilder<T> WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime)
        where T : ContainerResource => builder.WithAnnotation(
            new ContainerLifetimeAnnotation { Lifetime = lifetime }, ResourceAnnotationMutationBehavior.Replace);

    internal static IResourceBuilder<T> KeepingData<T>(this IResourceBuilder<T> builder, string? name)
        where T : ContainerResource =>
        builder.WithAnnotation(new DataVolumeAnnotation(name), ResourceAnnotationMutationBehavior.Replace);
}
