using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Carillon.Events;

/// <summary>
/// Finds what a message type marks as its key: its own properties, those of its bases, and those that interfaces of it mark. A property that
/// overrides or implements another one is the same property.
/// </summary>
internal static class KeyProperties
{
    private const BindingFlags Declared =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<PropertyInfo> Of([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type message)
    {
        var keys = new List<PropertyInfo>();
        var overridden = new HashSet<MethodInfo>();
        foreach (var property in OfBases(message))
        {
            if (property.GetMethod is { IsVirtual: true } getter && !overridden.Add(getter.GetBaseDefinition()))
                continue;
            if (Attribute.IsDefined(property, typeof(KeyAttribute), inherit: true))
                keys.Add(property);
        }

        foreach (var property in OfInterfaces(message).Where(property => property.IsDefined(typeof(KeyAttribute))))
        {
            var implementing = Implementing(message, property);
            if (!keys.Exists(key => Getter(key) == Getter(implementing)))
                keys.Add(implementing);
        }

        return keys;
    }

    private static List<PropertyInfo> OfBases([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type message)
    {
        var properties = new List<PropertyInfo>();
        for (var type = message; type is not null; type = type.BaseType)
            properties.AddRange(type.GetProperties(Declared));
        return properties;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "What is kept of a message is kept of its interfaces.")]
    private static List<PropertyInfo> OfInterfaces([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type message)
    {
        var properties = new List<PropertyInfo>();
        foreach (var contract in message.GetInterfaces())
            properties.AddRange(contract.GetProperties(Declared));
        return properties;
    }

    /// <summary>The property of the type that stands for one of an interface; the interface's own where it is hidden or has a body.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "What is kept of a message is kept of its interfaces.")]
    private static PropertyInfo Implementing([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type message, PropertyInfo property)
    {
        if (property.GetMethod is not { IsStatic: false } getter)
            return property;
        var map = message.GetInterfaceMap(property.DeclaringType!);
        var target = map.TargetMethods[Array.IndexOf(map.InterfaceMethods, getter)];
        return OfBases(message).Find(candidate => candidate.GetMethod is { IsPublic: true } && Getter(candidate) == target.GetBaseDefinition()) ?? property;
    }

    private static MethodInfo? Getter(PropertyInfo property) => property.GetMethod?.GetBaseDefinition();
}
