"All settings are in settings.ini: edit there, not here."
import shlex
from configparser import ConfigParser
from setuptools import find_packages, setup

config = ConfigParser(delimiters=['='])
config.read('settings.ini', encoding='utf-8')
cfg = config['DEFAULT']
lib = cfg['lib_path']
extras = 'dev', 'docs', 'bench', 'coder', 'export', 'hf', 'ray', 'slurm'

def words(key): return shlex.split(cfg.get(key, ''))

setup(
    name=cfg['lib_name'],
    **{k: cfg[k] for k in ('version', 'description', 'keywords', 'author')},
    license='Apache-2.0',
    project_urls={'Source': cfg['git_url']} if cfg['git_url'] else {},
    long_description=open('README.md', encoding='utf-8').read(),
    long_description_content_type='text/markdown',
    classifiers=[
        'Development Status :: 4 - Beta',
        'Intended Audience :: ' + cfg['audience'],
        'Natural Language :: ' + cfg['language'],
        'Programming Language :: Python :: 3'],
    python_requires='>=' + cfg['min_python'],
    packages=find_packages(include=[lib, lib + '.*']),
    package_data={lib: words('package_data')},
    install_requires=words('requirements'),
    extras_require={extra: words(extra + '_requirements') for extra in extras},
    entry_points={
        'console_scripts': words('console_scripts'),
        'nbdev': [f'{lib}={lib}._modidx:d']},
    zip_safe=False)
