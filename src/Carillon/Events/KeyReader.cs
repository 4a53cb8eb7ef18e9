using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Carillon.Events;

/// <summary>
/// Makes the function that takes the key from a message, from the property that holds it. The texts are those of generated code, which uses
/// <see cref="KeyText"/> as well, and what has none that is the same everywhere is refused as the analyzers do.
/// </summary>
internal static class KeyReader
{
    private static readonly HashSet<Type> _ambiguous =
        [typeof(double), typeof(float), typeof(Half), typeof(System.Runtime.InteropServices.NFloat), typeof(System.Numerics.Complex), typeof(DateTime)];

    /// <exception cref="CarillonConfigurationException">The property cannot be a key.</exception>
    public static Func<TMessage, string?> Create<TMessage>(PropertyInfo property)
    {
        var getter = property.GetMethod ?? throw Refuse(property, "cannot be read");
        if (getter.IsStatic || property.GetIndexParameters().Length > 0 || !IsOpen(getter))
            throw Refuse(property, "is not a property of the instance with a public or internal getter");
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (_ambiguous.Contains(type))
            throw Refuse(property, $"is a {type.Name}, and equal values of that type may have different texts");
        if (!HasOwnText(type))
            throw Refuse(property, $"is a {type}, which has no text that is the same everywhere: give the type a ToString()");
        if (type == typeof(string) && !typeof(TMessage).IsValueType)
            return getter.CreateDelegate<Func<TMessage, string?>>();
        return message => property.GetValue(message) is { } value ? KeyText.Of(value) : null;
    }

    private static bool IsOpen(MethodInfo getter) => getter.IsPublic || getter.IsAssembly || getter.IsFamilyOrAssembly;

    /// <summary>Whether a type says itself what its text is: neither nothing nor what the compiler writes for records, which depends on the culture.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Every object has the method, and what the runtime itself calls is kept.")]
    private static bool HasOwnText(Type type)
    {
        if (type.IsEnum)
            return true;
        var method = type.IsInterface ? null : type.GetMethod(nameof(ToString), BindingFlags.Instance | BindingFlags.Public, []);
        return method is not null
            && method.DeclaringType != typeof(object)
            && method.DeclaringType != typeof(ValueType)
            && !method.IsDefined(typeof(CompilerGeneratedAttribute));
    }

    private static CarillonConfigurationException Refuse(PropertyInfo property, string why) => new(ErrorCodes.InvalidConfiguration,
        $"{property.DeclaringType}.{property.Name} is marked with [Key] but {why}.");
}
