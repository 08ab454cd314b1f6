import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.bootstrap.BootstrapInfo;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/** Starts a node in the home that it is given, without the launcher's checks of the machine. */
public class StartElasticsearch {
    public static void main(String[] words) throws Exception {
        Path home = Path.of(words[0]);
        LogConfigurator.configureESLogging();
        Settings told = Settings.builder().put("path.home", home.toString()).build();
        Environment environment =
            InternalSettingsPreparer.prepareEnvironment(told, Map.of(), home.resolve("config"), () -> "unnamed");
        LogConfigurator.configure(environment, true);
        BootstrapInfo.init();
        var modules = PluginsLoader.loadModulesBundles(environment.modulesDir());
        new Node(environment, PluginsLoader.createPluginsLoader(modules, Set.of(), Map.of())).start();
        Thread.currentThread().join();
    }
}
