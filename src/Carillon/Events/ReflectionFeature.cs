using System.Diagnostics.CodeAnalysis;

namespace Carillon.Events;

/// <summary>Whether types may be inspected at run time: the same switch with which trimming turns off reflection for System.Text.Json.</summary>
internal static class ReflectionFeature
{
    private const string Switch = "System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault";

    // The analyzer cannot see that this switch is off exactly where reflection is unsafe: trimming sets it.
#pragma warning disable IL4000
    [FeatureSwitchDefinition(Switch)]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    [FeatureGuard(typeof(RequiresDynamicCodeAttribute))]
    public static bool IsEnabled => !AppContext.TryGetSwitch(Switch, out var isEnabled) || isEnabled;
#pragma warning restore IL4000
}
